package dev.parley.core.internal;

import dev.parley.core.History;
import dev.parley.core.SessionExtension;
import dev.parley.core.SessionListener;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What belongs to a single conversation. */
public record SessionSetup(
        String conversationId,
        Map<String, Object> attributes,
        @Nullable History history,
        List<SessionExtension> extensions,
        List<SessionListener> listeners) {}
