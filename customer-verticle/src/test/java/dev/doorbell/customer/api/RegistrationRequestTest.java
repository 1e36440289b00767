package dev.doorbell.customer.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.customer.domain.NewCustomer;
import dev.doorbell.service.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrationRequestTest {
    static final String VALID = """
            {"firstName": "Ada", "lastName": "Sample", "username": "Ada",
             "card": {"number": "4111 1111 1111 1111", "holderName": "A Sample", "cvv": "123",
                      "validThru": "2030-01-31", "balance": "100.00"}}
            """;

    @Test
    void aValidRequestIsReadWhole() {
        NewCustomer customer = read(VALID, new Fields());
        assertThat(customer.firstName()).isEqualTo("Ada");
        assertThat(customer.username().canonical()).isEqualTo("ada");
        assertThat(customer.cardNumber().lastFour()).isEqualTo("1111");
        assertThat(customer.cardValidThru()).hasToString("2030-01-31");
        assertThat(customer.balance()).isEqualTo(new BigDecimal("100.00"));
    }

    @Test
    void everyWrongFieldIsNamedAtOnceAndNoValueIsRepeated() {
        String body = """
                {"firstName": "", "username": "secret name", "nickname": "secret", "card": {"number": "4111111111111112",
                 "holderName": 7, "cvv": "12secret", "validThru": "2030-02-31", "balance": "-1", "a/b~c": 1}}
                """;
        Fields fields = new Fields();
        assertThat(read(body, fields)).isNull();
        assertThat(fields.violations())
                .extracting(Problem.Violation::pointer)
                .containsExactlyInAnyOrder(
                        "/firstName",
                        "/lastName",
                        "/username",
                        "/nickname",
                        "/card/number",
                        "/card/holderName",
                        "/card/cvv",
                        "/card/validThru",
                        "/card/balance",
                        "/card/a~1b~0c");
        assertThat(fields.violations().toString()).doesNotContain("secret", "4111", "02-31");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1234\"", "\"012\"", "123", "7", "0"})
    void theCvvIsAStringOrANumber(String cvv) {
        assertThat(withCard("cvv", cvv)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"12\"", "\"12345\"", "\"1 2\"", "12345", "-1", "1.5", "true", "null", "[1]"})
    void whatIsNoCvvIsRefused(String cvv) {
        assertThat(withCard("cvv", cvv)).containsExactly("/card/cvv");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"2\"', 2",
        "'\"2.0000\"', 2.0000",
        "2.1, 2.1",
        "0, 0",
        "1e2, 100",
        "999999999999999.9999, 999999999999999.9999"
    })
    void theBalanceIsADecimalAndNeverADouble(String json, BigDecimal balance) {
        NewCustomer customer = read(VALID.replace("\"100.00\"", json), new Fields());
        assertThat(customer.balance()).isEqualByComparingTo(balance);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"1,00\"",
                "\"\"",
                "\"1e3\"",
                "\"+1\"",
                "-0.01",
                "0.00001",
                "1000000000000000",
                "1e999999999",
                "\"NaN\"",
                "{}"
            })
    void whatIsNoAmountIsRefused(String json) {
        assertThat(withCard("balance", json)).containsExactly("/card/balance");
    }

    /** The scale of a BigDecimal is an int, and the client may choose either end of it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e2147483647",
                "10e2147483647",
                "100e2147483647",
                "1.5e2147483647",
                "1e2147483648",
                "1e-2147483647",
                "1e-2147483648",
                "1e-2147483649",
                "1e99999999999999999999",
                "1e16",
                "1e-5"
            })
    void anExponentBeyondSenseIsRefused(String json) {
        Buffer body = Buffer.buffer(VALID.replace("\"100.00\"", json));
        Fields fields = new Fields();
        assertThat(JsonReader.read(body).map(read -> RegistrationRequest.read(read, null, fields)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"firstName", "lastName", "username", "holderName"})
    void aCardNumberInAFieldThatIsKeptIsRefusedAndNotRepeated(String field) {
        for (String number : List.of("4111 1111 1111 1111", "4111-1111-1111-1111", "ada4111111111111111")) {
            Fields fields = new Fields();
            String body = VALID.replaceFirst("\"" + field + "\": \"[^\"]*\"", "\"" + field + "\": \"" + number + "\"");
            assertThat(read(body, fields)).isNull();
            assertThat(fields.violations()).singleElement().satisfies(violation -> {
                assertThat(violation.pointer()).endsWith("/" + field);
                assertThat(violation.detail()).contains("card number").doesNotContain("1111");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"2030-1-31\"", "\"31.01.2030\"", "\"+12030-01-31\"", "20300131", "\"2030-13-01\""})
    void whatIsNoDateIsRefused(String json) {
        assertThat(withCard("validThru", json)).containsExactly("/card/validThru");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "\"text\"", "null"})
    void aBodyThatIsNoObjectIsRefused(String body) {
        Fields fields = new Fields();
        assertThat(read(body, fields)).isNull();
        assertThat(fields.violations()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"a\": 1, \"a\": 2}", "{} {}", "[[[[[[[[[[[[1]]]]]]]]]]]]", "{\"a\": NaN}"})
    void bytesThatAreNoStrictJsonAreNotRead(String body) {
        assertThat(JsonReader.read(Buffer.buffer(body))).isEmpty();
    }

    private static List<String> withCard(String field, String json) {
        JsonObject card = new JsonObject(VALID).getJsonObject("card");
        String before = "\"" + field + "\": \"" + card.getString(field) + "\"";
        Fields fields = new Fields();
        read(VALID.replace(before, "\"" + field + "\": " + json), fields);
        return fields.violations().stream().map(Problem.Violation::pointer).toList();
    }

    private static NewCustomer read(String body, Fields fields) {
        return RegistrationRequest.read(JsonReader.read(Buffer.buffer(body)).orElseThrow(), null, fields);
    }
}
