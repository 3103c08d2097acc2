//! Agreement with labelled stories, where they are at hand.
use super::*;
