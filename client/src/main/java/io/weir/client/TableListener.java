package io.weir.client;

import org.jspecify.annotations.Nullable;

/**
 * Told of the changes of a {@link Table}, one after the other, in the order of the log,
 * where {@link WeirClientBuilder#callbackExecutor callbacks} run. It is told of the
 * messages that are there when the table is made as well, so that it can keep an index
 * from the beginning. The table goes on when it returns: whoever takes long holds up its
 * table. What it throws is logged, and the next change follows.
 *
 * @param <T> the type of the values
 */
@FunctionalInterface
public interface TableListener<T> {

	/**
	 * The value of a key has changed; the table has the new one already.
	 * @param key the key
	 * @param before the value that it had, or {@code null} if it had none
	 * @param after the value that it has, or {@code null} if it has none any more
	 */
	void changed(String key, @Nullable T before, @Nullable T after);

}
