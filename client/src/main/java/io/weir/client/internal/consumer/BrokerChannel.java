package io.weir.client.internal.consumer;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongFunction;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.connection.Failures;
import io.weir.client.internal.link.Attachment;
import io.weir.client.internal.link.BrokerLink;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * What a consumer says to the broker, on the stream on which it subscribed. While it is
 * not subscribed nothing is said. Only touched on the consumer's executor.
 */
final class BrokerChannel {

	private final BrokerLink link;

	private final Executor executor;

	private @Nullable Attachment attachment;

	BrokerChannel(BrokerLink link, Executor executor) {
		this.link = link;
		this.executor = executor;
	}

	void attached(Attachment attachment) {
		this.attachment = attachment;
	}

	void detached() {
		this.attachment = null;
	}

	boolean isAttached() {
		return this.attachment != null;
	}

	/**
	 * Says something that is not answered.
	 * @param frame makes the frame from the consumer's number
	 */
	void send(LongFunction<Frame> frame) {
		Attachment present = this.attachment;
		if (present != null) {
			guarded(present, () -> present.stream().send(frame.apply(present.id())));
		}
	}

	/**
	 * Asks for something. If the stream breaks before the answer comes, or the broker has
	 * forgotten the consumer, the consumer subscribes again and neither is called.
	 * @param frame makes the request from the consumer's number
	 * @param agreed is told what the broker answers if it agrees
	 * @param refused is told why it does not
	 */
	void request(LongFunction<Frame> frame, Consumer<Frame> agreed, Consumer<ProtocolException> refused) {
		Attachment asked = this.attachment;
		if (asked == null) {
			return;
		}
		guarded(asked,
				() -> asked.stream()
					.request(frame.apply(asked.id()))
					.whenComplete((answer, failure) -> this.executor.execute(() -> guarded(asked, () -> {
						if (answer != null) {
							answer.release();
						}
						if (!asked.equals(this.attachment)) {
							// The stream goes on for others; this is asked again.
							return;
						}
						if (answer != null) {
							this.link.answered();
							agreed.accept(answer);
						}
						else if (failure != null) {
							refused(Failures.of(failure), refused);
						}
					}))));
	}

	/**
	 * What fails, perhaps for want of memory, is said again when it has subscribed again.
	 */
	private void guarded(Attachment asked, Runnable task) {
		try {
			task.run();
		}
		catch (RuntimeException | Error ex) {
			if (asked.equals(this.attachment)) {
				this.link.reattach(Failures.of(ex));
			}
			throw ex;
		}
	}

	private void refused(ProtocolException cause, Consumer<ProtocolException> refused) {
		boolean request = cause.code().severity() == ErrorCode.Severity.REQUEST;
		if (!request || cause.code() == ErrorCode.UNKNOWN_CONSUMER) {
			this.link.reattach(cause);
		}
		else {
			refused.accept(cause);
		}
	}

	/** Subscribes again, after a while. */
	void reattach(ProtocolException cause) {
		this.link.reattach(cause);
	}

}
