package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The members of an object: a tool's arguments, or a bean's properties. Immutable. */
final class Members {
    private final List<Member> members;
    private final Set<String> names = new HashSet<>();
    private final boolean closed;
    private final @Nullable Tag tag;

    /** A member with a fixed value, which says what variant this is. The variants' own reader has checked it. */
    record Tag(String name, String value) {}

    /** @param closed whether other names are refused */
    Members(List<Member> members, boolean closed, @Nullable Tag tag) {
        this.members = List.copyOf(members);
        this.closed = closed;
        this.tag = tag;
        members.forEach(each -> names.add(each.name()));
        if (tag != null) {
            names.add(tag.name());
        }
    }

    List<Member> all() {
        return members;
    }

    ObjectNode tell(Teller teller) {
        ObjectNode told = teller.typed("object");
        ObjectNode properties = told.putObject("properties");
        if (tag != null) {
            properties.set(tag.name(), teller.typed("string").put("const", tag.value()));
        }
        for (Member member : members) {
            properties.set(member.name(), member.slot().tell(teller, member.description(), member.fallback()));
        }
        List<String> required = new ArrayList<>();
        if (tag != null) {
            required.add(tag.name());
        }
        members.stream().filter(Member::required).map(Member::name).forEach(required::add);
        if (!required.isEmpty()) {
            required.forEach(told.putArray("required")::add);
        }
        if (closed) {
            told.put("additionalProperties", false);
        }
        return told;
    }

    /**
     * Reads all members.
     *
     * @param present takes which of them were there (or have a fallback); null if nobody asks
     * @return the values in the order of the members
     */
    @Nullable
    Object[] read(JsonNode json, Reading reading, boolean @Nullable [] present) {
        @Nullable Object[] values = new Object[members.size()];
        int known = tag != null && json.has(tag.name()) ? 1 : 0;
        for (int i = 0; i < values.length; i++) {
            Member member = members.get(i);
            JsonNode value = json.get(member.name());
            known += value == null ? 0 : 1;
            if (value == null
                    || (value.isNull()
                            && member.fallback() != null
                            && member.slot().nullable())) {
                value = member.fallback();
            }
            if (value != null) {
                if (present != null) {
                    present[i] = true;
                }
                reading.enter(member.name());
                values[i] = member.slot().read(value, reading);
                reading.leave();
            } else if (member.required()) {
                reading.enter(member.name());
                reading.problem("is required");
                reading.leave();
            } else {
                values[i] = member.slot().absent();
            }
        }
        if (closed && json.size() > known) {
            tellUnknown(json, reading);
        }
        return values;
    }

    private void tellUnknown(JsonNode json, Reading reading) {
        List<String> known = members.stream().map(Member::name).toList();
        String problem = known.isEmpty()
                ? "is not known here; there are no names to give"
                : "is not known here; the names are: " + Words.list(known, 50);
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            if (!names.contains(entry.getKey())) {
                reading.enter(entry.getKey());
                reading.problem(problem);
                reading.leave();
            }
        }
    }
}
