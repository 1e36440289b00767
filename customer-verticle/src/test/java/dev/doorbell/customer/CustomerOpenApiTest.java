package dev.doorbell.customer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.doorbell.customer.api.CustomerRoutes;
import dev.doorbell.customer.api.RegistrationRoutes;
import dev.doorbell.customer.domain.RegistrationStatus;
import dev.doorbell.service.Health;
import dev.doorbell.service.Metrics;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract names what there is, no more and no less. */
@ExtendWith(VertxExtension.class)
class CustomerOpenApiTest {
    @Test
    void theContractNamesEveryRoute(Vertx vertx) throws Exception {
        Router router = CustomerVerticle.router(
                vertx,
                new CustomerRoutes(null, null),
                new RegistrationRoutes(vertx, null, null),
                new Health(),
                Metrics.ofProcess());
        Set<String> routes = new TreeSet<>();
        router.getRoutes().stream()
                // The one for all requests, which times them, is no operation.
                .filter(route -> route.methods() != null)
                .forEach(route -> route.methods()
                        .forEach(method -> routes.add(method.name() + " " + inContract(route.getPath()))));

        Set<String> operations = new TreeSet<>();
        JsonNode paths = contract().get("paths");
        paths.fieldNames()
                .forEachRemaining(path -> paths.get(path)
                        .fieldNames()
                        .forEachRemaining(method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path)));

        assertThat(operations).isEqualTo(routes);
    }

    @Test
    void theContractNamesEveryStatus() throws Exception {
        assertThat(contract().at("/components/schemas/Status/enum"))
                .extracting(JsonNode::textValue)
                .containsExactlyElementsOf(Arrays.stream(RegistrationStatus.values())
                        .map(Enum::name)
                        .toList());
    }

    /** A path with a slash behind it is the same operation; the contract says so in words. */
    private static String inContract(String path) {
        return path.replaceAll("/$", "").replaceAll(":([a-z]+)", "{$1}");
    }

    private static JsonNode contract() throws Exception {
        try (InputStream in = CustomerOpenApiTest.class.getResourceAsStream("/customer-openapi.yaml")) {
            JsonNode contract = new YAMLMapper().readTree(in);
            assertThat(contract.get("openapi").textValue()).startsWith("3.1.");
            return contract;
        }
    }
}
