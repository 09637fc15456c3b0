package dev.parley.tools;

import dev.parley.tools.internal.PlanReader;
import dev.parley.tools.internal.PlannedTool;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects the tools that a toolbox is built of, and refuses what could not work later. Confined to the building thread. */
final class Registration {
    private final Map<String, PlannedTool> tools = new LinkedHashMap<>();
    private final PlanReader reader;
    private final boolean hasApprover;

    Registration(PlanReader reader, boolean hasApprover) {
        this.reader = reader;
        this.hasApprover = hasApprover;
    }

    /** The annotated methods of an object. */
    void object(Object toolObject) {
        reader.read(toolObject).forEach(tool -> add(toolObject.getClass().getSimpleName(), tool));
    }

    /** A tool that was read elsewhere. */
    void tool(PlannedTool tool) {
        add("tool(" + tool.name() + ")", tool);
    }

    private void add(String where, PlannedTool tool) {
        if (tools.putIfAbsent(tool.name(), tool) != null) {
            throw new IllegalArgumentException(where + ": there are two tools named \"" + tool.name()
                    + "\"; give one of them another name with @Tool(name = …)");
        }
        if (tool.policy().approval() && !hasApprover) {
            throw new IllegalArgumentException(where + ": the tool \"" + tool.name()
                    + "\" needs approval, and there is no approver; give the builder one");
        }
    }

    /** A gate with a misspelt name would guard nothing, and nobody would know. Said when all tools are known. */
    void guardedBy(ToolInterceptor interceptor) {
        if (interceptor instanceof Gate gate && !tools.containsKey(gate.toolName())) {
            throw new IllegalArgumentException("gate: there is no tool named \"" + gate.toolName()
                    + "\" to guard; the tools are: " + String.join(", ", tools.keySet()));
        }
    }

    /** In the order of their adding. */
    Map<String, PlannedTool> tools() {
        return Collections.unmodifiableMap(tools);
    }
}
