package dev.doorbell.system.badexamples.customer.domain;

import com.fasterxml.jackson.databind.JsonNode;

public class UsesJackson {
    JsonNode dependency;
}
