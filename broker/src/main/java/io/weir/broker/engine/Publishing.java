package io.weir.broker.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.ProducerRegistry.NamedProducer;
import io.weir.broker.engine.ProducerRegistry.OpenedProducer;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.StoredProducer;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

/**
 * The way into a topic: batches become appends, and what was stored becomes receipts.
 * After a failed append the topic takes no more. A producer whose batch was refused for
 * what it does not answer for is closed: it opens again and sends everything in order.
 */
final class Publishing {

	private final Map<Long, PendingAppend> appends = new HashMap<>();

	private final ProducerRegistry producers;

	private final Consumer<Effect> out;

	private final StoredListener listener;

	private long nextAppend;

	private @Nullable StorageFailure failure;

	Publishing(Map<String, StoredProducer> recovered, Budgets budgets, Consumer<Effect> out, StoredListener listener) {
		this.producers = new ProducerRegistry(recovered, budgets);
		this.out = out;
		this.listener = listener;
	}

	void handle(Command.Producing command, long now) {
		if (command instanceof Command.Publish publish) {
			publish(publish, this.failure, now);
		}
		else if (command instanceof Command.PublishRefused refused) {
			publish(refused.publish(), refused.failure(), now);
		}
		else if (command instanceof Command.Appended appended) {
			appended(appended);
		}
		else if (command instanceof Command.EpochsStored stored) {
			this.producers.epochsStored(stored, this.out);
		}
		else if (command instanceof Command.OpenProducer open) {
			this.producers.open(open, this.out);
		}
		else if (command instanceof Command.CloseProducer close) {
			this.producers.closeForGood(close.producer(), now, this.out);
			this.out.accept(new Effect.Done(close.replyTo()));
		}
	}

	/** Nothing more is appended, and everybody has to come again. */
	void logLost(StorageFailure failure) {
		this.failure = failure;
		this.producers.removeAll(failure, this.out);
	}

	void epochsFailed(Effect.StoreEpochs effect, StorageFailure failure, long now) {
		this.producers.epochsFailed(effect, failure, now, this.out);
	}

	void opened(long now) {
		this.producers.opened(now);
	}

	void sessionEnded(long session, long now) {
		this.producers.closeAll(session, now, this.out);
	}

	void forgetUnused(long now) {
		this.producers.forgetUnused(now, this.out);
	}

	long wakeAt() {
		return this.producers.wakeAt();
	}

	List<TopicSnapshot.Producer> snapshot() {
		return this.producers.snapshot();
	}

	/** Gives up what is counted. */
	void close() {
		this.producers.close();
	}

	private void publish(Command.Publish publish, @Nullable StorageFailure failure, long now) {
		OpenedProducer producer = this.producers.find(publish.producer());
		if (producer == null) {
			refuse(publish, ErrorCode.UNKNOWN_PRODUCER, "No producer " + publish.producer().id() + " is open");
			return;
		}
		NamedProducer named = producer.named();
		if (producer.isFenced()) {
			refuse(publish, ErrorCode.PRODUCER_FENCED, "A newer producer named '" + named.name() + "' took over");
			return;
		}
		switch (named.window().check(publish.firstSequence(), publish.count())) {
			case NEW -> {
				if (failure == null) {
					append(publish, named, now);
				}
				else {
					refuse(publish, failure.code(), failure.reason());
					this.producers.close(publish.producer(), now, this.out);
				}
			}
			case PENDING -> {
				named.window().join(publish.firstSequence(), publish.replyTo());
				publish.batch().release();
			}
			case STORED -> {
				@Nullable Position position = named.window().positionOf(publish.firstSequence());
				this.out.accept(new Effect.Stored(publish.replyTo(), position, true));
				publish.batch().release();
			}
			case OVERLAPPING -> refuse(publish, ErrorCode.INVALID_REQUEST,
					"The " + publish.count() + " sequence ids from " + publish.firstSequence()
							+ " overlap an earlier batch; what is sent again must be the same batch");
		}
	}

	private void append(Command.Publish publish, NamedProducer named, long now) {
		EntryHeader header = new EntryHeader(named.name(), publish.firstSequence(), publish.count(), now,
				publish.encoding());
		long append = this.nextAppend++;
		this.appends.put(append, new PendingAppend(named, header, publish.batch().readableBytes()));
		named.window().begin(publish.firstSequence(), publish.count(), publish.replyTo());
		this.out.accept(new Effect.Append(append, header, publish.batch()));
	}

	private void appended(Command.Appended appended) {
		PendingAppend append = take(appended.append());
		NamedProducer named = append.named;
		boolean duplicate = false;
		for (ReplyTo replyTo : named.window().stored(append.header.firstSequence(), appended.position())) {
			this.out.accept(new Effect.Stored(replyTo, appended.position(), duplicate));
			duplicate = true;
		}
		this.listener.stored(appended.position(), append.header.count(), append.bytes);
		named.answer(this.out);
	}

	void appendFailed(Effect.Append effect, StorageFailure failure) {
		PendingAppend append = take(effect.append());
		this.failure = failure;
		for (ReplyTo replyTo : append.named.window().failed(append.header.firstSequence())) {
			this.out.accept(Effect.Refused.of(replyTo, failure));
		}
		append.named.answer(this.out);
	}

	private PendingAppend take(long number) {
		PendingAppend append = this.appends.remove(number);
		if (append == null) {
			throw new IllegalStateException("Append " + number + " is not under way");
		}
		return append;
	}

	private void refuse(Command.Publish publish, ErrorCode code, String reason) {
		publish.batch().release();
		this.out.accept(new Effect.Refused(publish.replyTo(), code, reason));
	}

	private record PendingAppend(NamedProducer named, EntryHeader header, int bytes) {
	}

	/** Hears of each entry that was stored. */
	interface StoredListener {

		void stored(Position position, int count, int bytes);

	}

}
