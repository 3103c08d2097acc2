//! One integration binary: the house rules, the commands as a user sees them, the whole loop against
//! a newsroom on loopback, and real data where it is at hand.

#![expect(clippy::disallowed_methods, reason = "edge: tests make and read files")]
#![expect(clippy::disallowed_types, reason = "edge: tests open files and sockets")]

mod acquire;
mod backed_up;
mod boxes;
mod cases;
mod commands;
mod demo;
mod erased;
mod evidence;
mod faults;
mod fuzzed;
mod house;
mod killed;
mod logs;
mod real;
mod register;
mod rejudge;
mod reload;
mod tidy;
mod workspace;
