//! One integration binary: the house rules, the commands as a user sees them, the whole loop against
//! a newsroom on loopback, and real data where it is at hand.

mod commands;
mod demo;
mod killed;
mod real;
mod tidy;
mod workspace;
