package dev.parley.testkit;

/** One thing that the scripted server does in a turn. New variants come with minor versions: readers keep a default. */
public sealed interface Step permits Speech, Calls, RawMessage, Pause, HangUp {}
