/** What administrators are told of dead letters, and say of replaying them. */
@NullMarked
package io.weir.broker.deadletter;

import org.jspecify.annotations.NullMarked;
