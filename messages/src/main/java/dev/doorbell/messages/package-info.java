/** The event payloads that the customer and the payment service share, and nothing else. */
package dev.doorbell.messages;
