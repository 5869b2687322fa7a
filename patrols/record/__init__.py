"""The rules of the record: pure functions over plain values, and the acts that apply them."""
