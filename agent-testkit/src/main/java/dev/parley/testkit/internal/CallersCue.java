package dev.parley.testkit.internal;

/**
 * It is the caller's turn to speak.
 *
 * @param turn which one of the script, from zero
 * @param overReply whether to speak while a reply is heard, which is to be cut short
 */
record CallersCue(int turn, boolean overReply) {}
