package dev.doorbell.customer.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.doorbell.customer.domain.CardNumber;
import dev.doorbell.customer.domain.NewCustomer;
import dev.doorbell.customer.domain.Username;
import dev.doorbell.service.Problem;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.regex.Pattern;

/** The body of {@code POST /customers}, checked field by field. The CVV is checked here and goes no further. */
final class RegistrationRequest {
    private static final Set<String> FIELDS = Set.of("firstName", "lastName", "username", "card");
    private static final Set<String> CARD_FIELDS = Set.of("number", "holderName", "cvv", "validThru", "balance");
    private static final int NAME_LENGTH_MAX = 100;
    private static final int AMOUNT_DIGITS_MAX = 15;
    private static final int AMOUNT_DECIMALS_MAX = 4;
    private static final Pattern CVV = Pattern.compile("[0-9]{3,4}");
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,15}(\\.[0-9]{1,4})?");

    private RegistrationRequest() {}

    /** @return the customer, or null when {@code fields} has noted something wrong */
    static NewCustomer read(JsonNode body, String traceparent, Fields fields) {
        if (!body.isObject()) {
            fields.violations().add(Problem.Violation.pointer("", "is not a JSON object"));
            return null;
        }
        fields.refuseUnknown(body, "", FIELDS);
        String firstName = fields.required(body, "/firstName", RegistrationRequest::name);
        String lastName = fields.required(body, "/lastName", RegistrationRequest::name);
        Username username = fields.required(body, "/username", RegistrationRequest::username);
        JsonNode card = fields.required(body, "/card", RegistrationRequest::object);
        if (card == null) {
            return null;
        }
        fields.refuseUnknown(card, "/card", CARD_FIELDS);
        CardNumber number = fields.required(card, "/card/number", RegistrationRequest::cardNumber);
        String holderName = fields.required(card, "/card/holderName", RegistrationRequest::name);
        fields.required(card, "/card/cvv", RegistrationRequest::checkedCvv);
        LocalDate validThru = fields.required(card, "/card/validThru", RegistrationRequest::date);
        BigDecimal balance = fields.required(card, "/card/balance", RegistrationRequest::amount);
        return fields.violations().isEmpty()
                ? new NewCustomer(firstName, lastName, username, number, holderName, validThru, balance, traceparent)
                : null;
    }

    private static JsonNode object(JsonNode value) {
        if (!value.isObject()) {
            throw new Fields.Refused("is not an object");
        }
        return value;
    }

    static String name(JsonNode value) {
        String text = textToKeep(value).strip();
        boolean valid = !text.isEmpty()
                && text.length() <= NAME_LENGTH_MAX
                && text.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
        if (!valid) {
            throw new Fields.Refused("is empty, longer than 100 characters or has control characters");
        }
        return text;
    }

    private static Username username(JsonNode value) {
        return Username.parse(textToKeep(value)).orElseThrow(() -> new Fields.Refused("is not " + Username.FORM));
    }

    private static CardNumber cardNumber(JsonNode value) {
        return CardNumber.parse(text(value)).orElseThrow(() -> new Fields.Refused("is not a card number"));
    }

    /** A number loses leading zeros, so one of up to four digits is taken for three or four. */
    private static Boolean checkedCvv(JsonNode value) {
        boolean valid = value.isIntegralNumber()
                ? value.canConvertToInt() && value.intValue() >= 0 && value.intValue() <= 9_999
                : value.isTextual() && CVV.matcher(value.textValue()).matches();
        if (!valid) {
            throw new Fields.Refused("is not 3 or 4 digits");
        }
        return true;
    }

    private static LocalDate date(JsonNode value) {
        String text = text(value);
        try {
            // The pattern first: LocalDate also reads years that PostgreSQL and people do not.
            if (DATE.matcher(text).matches()) {
                return LocalDate.parse(text);
            }
        } catch (DateTimeParseException e) {
            // Answered below, without the text.
        }
        throw new Fields.Refused("is not a date of the form 2030-01-31");
    }

    /** A decimal string, or a JSON number, which is read as a decimal too and never as a double. */
    private static BigDecimal amount(JsonNode value) {
        if (value.isTextual() && DECIMAL.matcher(value.textValue()).matches()) {
            return new BigDecimal(value.textValue());
        }
        if (value.isNumber()) {
            BigDecimal number = value.decimalValue();
            // As long: the client chooses the scale, up to either end of an int.
            long integerDigits = (long) number.precision() - number.scale();
            if (number.signum() >= 0 && number.scale() <= AMOUNT_DECIMALS_MAX && integerDigits <= AMOUNT_DIGITS_MAX) {
                return number.setScale(Math.max(0, number.scale()));
            }
        }
        throw new Fields.Refused("is not an amount: 0 or more, at most 15 digits and 4 decimals");
    }

    /** For what is stored and published: a card number typed into the wrong field must not get there. */
    private static String textToKeep(JsonNode value) {
        String text = text(value);
        if (CardNumber.occursIn(text)) {
            throw new Fields.Refused("has a card number in it, or digits that look like one");
        }
        return text;
    }

    private static String text(JsonNode value) {
        if (!value.isTextual()) {
            throw new Fields.Refused("is not a string");
        }
        return value.textValue();
    }
}
