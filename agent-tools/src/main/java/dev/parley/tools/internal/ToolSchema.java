package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** The whole schema of a tool's arguments. Stateless. */
final class ToolSchema {
    private ToolSchema() {}

    static LiveText of(Members members) {
        Teller teller = new Teller();
        ObjectNode told = members.tell(teller);
        if (!teller.definitions().isEmpty()) {
            ObjectNode definitions = told.putObject("$defs");
            teller.definitions().forEach(definitions::set);
        }
        return new LiveText(told.toString(), teller.holes());
    }

    /** The JSON paths of what is sensitive, without array positions: {@code guests.phone} for every guest's phone. */
    static Set<String> sensitivePaths(Members members) {
        Set<String> paths = new LinkedHashSet<>();
        collect(members, "", paths, new HashSet<>());
        return paths;
    }

    private static void collect(Members members, String prefix, Set<String> paths, Set<BeanShape> open) {
        for (Member member : members.all()) {
            String path = prefix + member.name();
            if (member.sensitive()) {
                paths.add(path);
                continue;
            }
            for (BeanShape bean : member.slot().beans()) {
                if (open.add(bean)) {
                    collect(bean.members(), path + ".", paths, open);
                    open.remove(bean);
                }
            }
        }
    }
}
