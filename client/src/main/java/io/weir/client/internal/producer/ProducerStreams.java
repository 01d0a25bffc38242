package io.weir.client.internal.producer;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.connection.BrokerSession;
import io.weir.client.internal.connection.Failures;
import io.weir.client.internal.link.Attachment;
import io.weir.client.internal.link.BrokerLink;
import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.pool.Lease;
import io.weir.transport.RequestStream;
import io.weir.wire.ProtocolException;

/**
 * The streams on which a producer may publish while the broker knows it: the one that
 * opened it, and those that are leased beside. Only touched on the producer's executor.
 */
final class ProducerStreams {

	private final BrokerLink link;

	private final SerialExecutor executor;

	private @Nullable Attachment attachment;

	ProducerStreams(BrokerLink link, SerialExecutor executor) {
		this.link = link;
		this.executor = executor;
	}

	/**
	 * The broker knows the producer.
	 * @return the stream that opened it
	 */
	LeasedStream attached(Attachment attachment) {
		this.attachment = attachment;
		return new LeasedStream(attachment.lease(), attachment.stream(), true);
	}

	void detached() {
		this.attachment = null;
	}

	boolean isAttached() {
		return this.attachment != null;
	}

	/**
	 * How the broker is reached now.
	 * @throws IllegalStateException if it is not
	 */
	Attachment attachment() {
		Attachment present = this.attachment;
		if (present == null) {
			throw new IllegalStateException("Not attached");
		}
		return present;
	}

	/** The number of the present attachment. */
	long attempt() {
		return this.link.attempt();
	}

	/** Whether the attachment of this number is still the present one. */
	boolean isCurrent(long attempt) {
		return isAttached() && this.link.isCurrent(attempt);
	}

	/**
	 * Leases one more stream.
	 * @param needed whether there is none yet: then one that others use will do
	 * @param leased is given it, unless there is another attachment by then
	 * @param failed is told why there is none, unless there is another attachment by then
	 */
	void lease(boolean needed, Consumer<LeasedStream> leased, Consumer<ProtocolException> failed) {
		long attempt = attempt();
		BrokerSession session = attachment().session();
		CompletionStage<? extends Lease<RequestStream>> borrowed = needed ? this.link.share(session) : session.borrow();
		borrowed.whenComplete((lease, failure) -> this.executor.execute(() -> {
			boolean current = isCurrent(attempt);
			if (lease != null && current) {
				leased(lease, leased, failed);
			}
			else if (lease != null) {
				lease.close();
			}
			else if (failure != null && current) {
				failed.accept(Failures.of(failure));
			}
		}));
	}

	private static void leased(Lease<RequestStream> lease, Consumer<LeasedStream> leased,
			Consumer<ProtocolException> failed) {
		LeasedStream stream;
		try {
			stream = new LeasedStream(lease, BrokerSession.streamOf(lease), false);
		}
		catch (ProtocolException ex) {
			lease.invalidate();
			failed.accept(ex);
			return;
		}
		lease.hold();
		leased.accept(stream);
	}

	/** Without a stream the attachment is of no use: the producer needs another one. */
	void giveUp(ProtocolException cause) {
		this.link.reattach(cause);
	}

}
