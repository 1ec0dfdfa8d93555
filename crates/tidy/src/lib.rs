//! Does the house keep its shape? All of this room is in `tests/`.
