/** Running the application's code, away from the client's own threads. */
@NullMarked
package io.weir.client.internal.callback;

import org.jspecify.annotations.NullMarked;
