package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

    /**
     * The JSON paths of what is sensitive, without array positions: {@code guests.phone} for every guest's phone. What no
     * such path can reach, inside a map or a type that holds itself, is masked with all that is around it.
     */
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
            } else {
                collect(member.slot().shape(), path, paths, open);
            }
        }
    }

    private static void collect(Shape shape, String path, Set<String> paths, Set<BeanShape> open) {
        if (shape instanceof Wrapped wrapped) {
            if (wrapped.sensitive()) {
                paths.add(path);
            }
            collect(wrapped.inner().shape(), path, paths, open);
        } else if (shape instanceof Containers.Items items) {
            collect(items.element().shape(), path, paths, open);
        } else if (shape instanceof Containers.Entries entries) {
            Set<String> inside = new HashSet<>();
            collect(entries.value().shape(), path, inside, open);
            if (!inside.isEmpty()) {
                paths.add(path);
            }
        } else if (shape instanceof Variants variants) {
            variants.all().forEach(variant -> collect(variant, path, paths, open));
        } else if (shape instanceof BeanShape bean) {
            if (open.add(bean)) {
                collect(bean.members(), path + ".", paths, open);
                OtherNames.Taken others = bean.members().taken();
                if (others != null && holdsSensitive(others, new HashSet<>())) {
                    paths.add(path);
                }
                open.remove(bean);
            } else if (holdsSensitive(bean, new HashSet<>())) {
                paths.add(path);
            }
        }
    }

    private static boolean holdsSensitive(BeanShape bean, Set<BeanShape> seen) {
        return seen.add(bean)
                && (bean.members().all().stream()
                                .anyMatch(member -> member.sensitive() || holdsSensitive(member.slot(), seen))
                        || holdsSensitive(bean.members().taken(), seen));
    }

    private static boolean holdsSensitive(OtherNames.@Nullable Taken others, Set<BeanShape> seen) {
        return others != null && (others.sensitive() || holdsSensitive(others.value(), seen));
    }

    private static boolean holdsSensitive(Slot slot, Set<BeanShape> seen) {
        return slot.beans().stream().anyMatch(inner -> holdsSensitive(inner, seen));
    }
}
