/**
 * What an application uses: {@link io.weir.client.WeirClient},
 * {@link io.weir.client.Producer} and {@link io.weir.client.Consumer}.
 */
@NullMarked
package io.weir.client;

import org.jspecify.annotations.NullMarked;
