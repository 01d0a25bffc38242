package io.weir.spring.listener;

import org.jspecify.annotations.Nullable;

/** Makes the value of one parameter of a listener method. */
@FunctionalInterface
interface ListenerArgument {

	@Nullable Object of(Incoming incoming) throws Exception;

}
