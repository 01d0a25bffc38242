/**
 * Certificates: whom a client trusts and what a server shows, for all carriers alike, and
 * advice when that fails.
 */
@NullMarked
package io.weir.transport.tls;

import org.jspecify.annotations.NullMarked;
