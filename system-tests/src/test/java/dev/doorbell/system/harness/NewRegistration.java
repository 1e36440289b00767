package dev.doorbell.system.harness;

import io.vertx.core.json.JsonObject;
import java.util.UUID;

/**
 * The body of {@code POST /customers}; immutable, each {@code with} returns a changed copy. The card is one of the
 * networks' test numbers.
 *
 * @param balance a decimal string
 * @param validThru an ISO date
 */
public record NewRegistration(String username, String cardNumber, String cvv, String validThru, String balance) {
    private static final String TEST_CARD = "4111111111111111";

    /** With a username that nobody has and enough balance. */
    public static NewRegistration sample() {
        return new NewRegistration(letters(UUID.randomUUID()), TEST_CARD, "123", "2099-12-31", "100.00");
    }

    /** Letters alone: a name with so many digits that they may be a card number is refused. */
    private static String letters(UUID id) {
        StringBuilder name = new StringBuilder("u");
        id.toString().chars().filter(c -> c != '-').forEach(c -> name.append((char) ('a' + Character.digit(c, 16))));
        return name.toString();
    }

    public NewRegistration withUsername(String newUsername) {
        return new NewRegistration(newUsername, cardNumber, cvv, validThru, balance);
    }

    public NewRegistration withCard(String number, String newCvv) {
        return new NewRegistration(username, number, newCvv, validThru, balance);
    }

    public NewRegistration withValidThru(String date) {
        return new NewRegistration(username, cardNumber, cvv, date, balance);
    }

    public NewRegistration withBalance(String amount) {
        return new NewRegistration(username, cardNumber, cvv, validThru, amount);
    }

    public String json() {
        return new JsonObject()
                .put("firstName", "Ada")
                .put("lastName", "Example")
                .put("username", username)
                .put(
                        "card",
                        new JsonObject()
                                .put("number", cardNumber)
                                .put("holderName", "Ada Example")
                                .put("cvv", cvv)
                                .put("validThru", validThru)
                                .put("balance", balance))
                .encode();
    }
}
