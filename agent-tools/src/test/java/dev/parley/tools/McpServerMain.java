package dev.parley.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A small MCP server over stdio: one JSON-RPC message a line. A process of its own in the test. */
final class McpServerMain {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private McpServerMain() {}

    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode request = MAPPER.readTree(line);
            if (request.has("id") && request.has("method")) {
                ObjectNode answer = MAPPER.createObjectNode().put("jsonrpc", "2.0");
                answer.set("id", request.path("id"));
                answer.set("result", result(request.path("method").asText(), request.path("params")));
                out.println(answer);
            }
        }
    }

    private static ObjectNode result(String method, JsonNode params) {
        ObjectNode result = MAPPER.createObjectNode();
        if (method.equals("initialize")) {
            result.put("protocolVersion", params.path("protocolVersion").asText());
            result.putObject("capabilities").putObject("tools");
            result.putObject("serverInfo").put("name", "weather").put("version", "1");
        } else if (method.equals("tools/list")) {
            result.putArray("tools")
                    .add(tool("weather", "The weather of a city."))
                    .add(tool("storm", "Always fails."));
        } else if (method.equals("tools/call")) {
            boolean fails = params.path("name").asText().equals("storm");
            String city = params.path("arguments").path("city").asText();
            result.putArray("content")
                    .addObject()
                    .put("type", "text")
                    .put("text", fails ? "No storm in " + city + "." : "Sun in " + city + ".");
            result.put("isError", fails);
        }
        return result;
    }

    private static ObjectNode tool(String name, String description) {
        ObjectNode tool = MAPPER.createObjectNode().put("name", name).put("description", description);
        ObjectNode schema = tool.putObject("inputSchema").put("type", "object");
        schema.putObject("properties").putObject("city").put("type", "string").put("description", "which");
        schema.putArray("required").add("city");
        return tool;
    }
}
