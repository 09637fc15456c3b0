package dev.parley.core.provider;

/** What a close code means to one provider. The same number means different things to different providers. */
public enum CloseMeaning {
    /** The key or token is missing, wrong or expired. Trying again with the same one fails again. */
    CREDENTIAL_REJECTED,
    /** The account has no credits left. */
    OUT_OF_CREDITS,
    /** The plan allows no more sessions at once. */
    TOO_MANY_SESSIONS,
    /** The server is busy; a later attempt may succeed. */
    SERVER_BUSY,
    /** The session lasted as long as it may; a fresh one goes on where it ended. */
    SESSION_EXPIRED
}
