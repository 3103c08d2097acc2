//! Pages served on loopback. Edge: it listens, on loopback and nowhere else.
//!
//! For now that is the demo's [`newsroom`]. It fetches nothing and keeps nothing.

pub mod newsroom;

pub use newsroom::Newsroom;
