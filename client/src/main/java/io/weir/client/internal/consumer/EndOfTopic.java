package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.message.MessageId;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * Tells when all has come that was stored in the topic by then. Only touched on the
 * consumer's executor.
 */
final class EndOfTopic {

	private static final Duration AGAIN = Duration.ofSeconds(1);

	private final BrokerChannel channel;

	private final SerialExecutor executor;

	private final Supplier<Optional<MessageId>> last;

	private final Consumer<ProtocolException> refused;

	private @Nullable Predicate<Optional<MessageId>> listener;

	/**
	 * Creates it.
	 * @param last the last message that has come
	 * @param refused told why the broker will not say it
	 */
	EndOfTopic(BrokerChannel channel, SerialExecutor executor, Supplier<Optional<MessageId>> last,
			Consumer<ProtocolException> refused) {
		this.channel = channel;
		this.executor = executor;
		this.last = last;
		this.refused = refused;
	}

	/**
	 * Says who wants to know.
	 * @param listener on the executor, given the last message that has come since the
	 * consumer was subscribed, perhaps again; if it returns false, it is told again after
	 * the next loss of the connection
	 */
	void listen(Predicate<Optional<MessageId>> listener) {
		this.listener = listener;
	}

	/** The consumer has subscribed, perhaps again. */
	void ask() {
		if (this.listener != null) {
			this.channel.request(Frame.AwaitEnd::new, (answer) -> reached(), (cause) -> {
				if (cause.code().retryable()) {
					this.executor.schedule(AGAIN, this::ask);
				}
				else {
					this.refused.accept(cause);
				}
			});
		}
	}

	private void reached() {
		if (this.listener != null && this.listener.test(this.last.get())) {
			this.listener = null;
		}
	}

}
