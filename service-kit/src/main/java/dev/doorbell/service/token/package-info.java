/**
 * Who is calling: access tokens of OpenID Connect, checked without asking their issuer, and what their holders may do.
 */
package dev.doorbell.service.token;
