package dev.doorbell.system.badexamples.customer.api;

public class Fine {}
