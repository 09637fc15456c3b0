package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
    private final OtherNames others;
    private final @Nullable Tag tag;
    private final String words;

    /** A member with a fixed value, which says what variant this is. The variants' own reader has checked it. */
    record Tag(String name, String value) {}

    Members(List<Member> members, OtherNames others, @Nullable Tag tag) {
        this(members, others, tag, "");
    }

    /** @param words what is said of them together; may be empty */
    Members(List<Member> members, OtherNames others, @Nullable Tag tag, String words) {
        this.members = members.toArray(Member[]::new);
        this.others = others;
        this.tag = tag;
        this.words = words;
        for (Member each : members) {
            indexes.put(each.name(), indexes.size());
        }
    }

    List<Member> all() {
        return List.of(members);
    }

    /** What is kept of other names; null if nothing is. */
    OtherNames.@Nullable Taken taken() {
        return others instanceof OtherNames.Taken taken ? taken : null;
    }

    /** What is said of them together; empty if nothing. */
    String words() {
        return words;
    }

    ObjectNode tell(Teller teller) {
        ObjectNode told = teller.typed("object");
        OtherNames.Taken taken = taken();
        String text =
                taken == null || taken.words().isEmpty() ? words : Words.sentence(words, Words.capital(taken.words()));
        if (!text.isEmpty()) {
            told.put("description", text);
        }
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
        if (others == OtherNames.Untaken.REFUSED) {
            told.put("additionalProperties", false);
        } else if (taken != null) {
            names(taken, told, teller);
            told.set("additionalProperties", taken.value().tell(teller, ""));
        }
        return told;
    }

    /** Says what other names may be. The names of the members need not be that. */
    private void names(OtherNames.Taken taken, ObjectNode told, Teller teller) {
        ObjectNode names = teller.object();
        if (taken.key() != null && tag == null && members.length == 0) {
            names.setAll(taken.key().tell(teller, ""));
        } else if (taken.key() != null) {
            ArrayNode either = names.putArray("anyOf");
            ArrayNode known = either.addObject().putArray("enum");
            if (tag != null) {
                known.add(tag.name());
            }
            all().forEach(each -> known.add(each.name()));
            either.add(taken.key().tell(teller, ""));
        }
        if (!taken.never().isEmpty()) {
            ArrayNode never = names.putObject("not").putArray("enum");
            taken.never().stream().sorted().forEach(never::add);
        }
        if (!names.isEmpty()) {
            told.set("propertyNames", names);
        }
    }

    /**
     * Reads the members of the object that the parser stands in, up to its end.
     *
     * @return the values in the order of the members; {@link #ABSENT} for what was not there and has no default. Where other
     *     names are taken, a map of them comes last
     */
    @Nullable
    Object[] read(JsonParser json, Reading reading) throws IOException {
        OtherNames.Taken taken = taken();
        Map<Object, @Nullable Object> kept =
                taken == null ? Map.of() : taken.empty().get();
        @Nullable Object[] values = new Object[taken == null ? members.length : members.length + 1];
        Arrays.fill(values, ABSENT);
        Set<String> unknown = Set.of();
        int next = 0;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            int index = index(name, next);
            if (index < 0) {
                unknown = unknown.isEmpty() ? new HashSet<>() : unknown;
                if (!unknown.add(name)) {
                    throw StrictJson.nameTwice(json);
                }
                other(name, json, reading, taken, kept);
            } else if (values[index] != ABSENT) {
                throw StrictJson.nameTwice(json);
            } else {
                values[index] = value(members[index], json, reading);
                next = index + 1;
            }
        }
        for (int i = 0; i < members.length; i++) {
            if (values[i] == ABSENT) {
                values[i] = absent(members[i], reading);
            }
        }
        if (taken != null) {
            values[members.length] = kept;
        }
        return values;
    }

    /**
     * Which member has this name; −1 for none.
     *
     * @param next the likeliest: models write members in the order of the schema
     */
    private int index(String name, int next) {
        if (next < members.length && members[next].name().equals(name)) {
            return next;
        }
        Integer known = indexes.get(name);
        return known == null ? -1 : known;
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

    private void other(
            String name,
            JsonParser json,
            Reading reading,
            OtherNames.@Nullable Taken taken,
            Map<Object, @Nullable Object> kept)
            throws IOException {
        boolean isTag = tag != null && name.equals(tag.name());
        if (taken != null && !isTag && !taken.never().contains(name)) {
            Containers.entry(taken.key(), taken.value(), name, json, reading, kept);
            return;
        }
        StrictJson.skip(json);
        if (isTag || others == OtherNames.Untaken.PASSED_OVER) {
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
