package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The members of an object: a tool's arguments, or a bean's properties. Immutable. */
final class Members {
    /** Stands for the value of a member that was not there. */
    static final Object ABSENT = new Object();

    private final Member[] members;
    private final Map<String, Integer> indexes = new HashMap<>();
    private final boolean closed;
    private final @Nullable Tag tag;

    /** A member with a fixed value, which says what variant this is. The variants' own reader has checked it. */
    record Tag(String name, String value) {}

    /** @param closed whether other names are refused */
    Members(List<Member> members, boolean closed, @Nullable Tag tag) {
        this.members = members.toArray(Member[]::new);
        this.closed = closed;
        this.tag = tag;
        for (Member each : members) {
            indexes.put(each.name(), indexes.size());
        }
    }

    List<Member> all() {
        return List.of(members);
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
        Arrays.stream(members).filter(Member::required).map(Member::name).forEach(required::add);
        if (!required.isEmpty()) {
            required.forEach(told.putArray("required")::add);
        }
        if (closed) {
            told.put("additionalProperties", false);
        }
        return told;
    }

    /**
     * Reads the members of the object that the parser stands in, up to its end.
     *
     * @return the values in the order of the members; {@link #ABSENT} for what was not there and has no default
     */
    @Nullable
    Object[] read(JsonParser json, Reading reading) throws IOException {
        @Nullable Object[] values = new Object[members.length];
        Arrays.fill(values, ABSENT);
        Set<String> others = Set.of();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            Integer index = indexes.get(name);
            if (index == null) {
                others = others.isEmpty() ? new HashSet<>() : others;
                if (!others.add(name)) {
                    throw StrictJson.nameTwice(json);
                }
                other(name, json, reading);
            } else if (values[index] != ABSENT) {
                throw StrictJson.nameTwice(json);
            } else {
                values[index] = value(members[index], json, reading);
            }
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] == ABSENT) {
                values[i] = absent(members[i], reading);
            }
        }
        return values;
    }

    /** A member's value, or what an absent one is. */
    @Nullable
    Object given(@Nullable Object[] values, int member) {
        return values[member] == ABSENT ? members[member].slot().absent() : values[member];
    }

    private static @Nullable Object value(Member member, JsonParser json, Reading reading) throws IOException {
        if (json.hasToken(JsonToken.VALUE_NULL)
                && member.fallback() != null
                && member.slot().nullable()) {
            return absent(member, reading);
        }
        reading.enter(member.name());
        Object value = member.slot().read(json, reading);
        reading.leave();
        return value;
    }

    private static @Nullable Object absent(Member member, Reading reading) throws IOException {
        if (member.fallback() == null && !member.required()) {
            return ABSENT;
        }
        reading.enter(member.name());
        Object value = member.fallback() == null
                ? reading.problem("is required")
                : member.slot().read(StrictJson.again(member.fallback()), reading);
        reading.leave();
        return value;
    }

    private void other(String name, JsonParser json, Reading reading) throws IOException {
        StrictJson.skip(json);
        if (!closed || (tag != null && name.equals(tag.name()))) {
            return;
        }
        reading.enter(name);
        reading.problem(
                members.length == 0
                        ? "is not known here; there are no names to give"
                        : "is not known here; the names are: "
                                + Words.list(all().stream().map(Member::name).toList(), 50));
        reading.leave();
    }
}
