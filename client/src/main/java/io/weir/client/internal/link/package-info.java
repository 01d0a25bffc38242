/** Keeps a producer or a consumer known to the broker, from session to session. */
@NullMarked
package io.weir.client.internal.link;

import org.jspecify.annotations.NullMarked;
