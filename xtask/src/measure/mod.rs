//! Stacks layers and maps history to instructions: what is live, wasted, base and own. Pure.
