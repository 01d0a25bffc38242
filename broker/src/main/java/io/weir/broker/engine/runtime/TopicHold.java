package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.DeleteWhen;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.store.StorageException;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Keeps a topic from being used until it is decided whether it is deleted: whoever wants
 * something of it waits. Safe to use from any thread.
 */
public final class TopicHold {

	private static final Logger logger = LoggerFactory.getLogger(TopicHold.class);

	private final TopicWriter writer;

	private TopicHold(TopicWriter writer) {
		this.writer = writer;
	}

	/**
	 * Holds a topic that is open, or has no writer of its own any more.
	 * @param held is given the hold, or {@link ProtocolException} if the topic is not to
	 * be deleted now
	 */
	static void hold(TopicWriter writer, DeleteWhen when, CompletableFuture<TopicHold> held) {
		if (writer.state() instanceof WriterState.Serving serving) {
			String refusal = serving.life().refusal(when);
			if (refusal == null) {
				writer.become(new WriterState.Held(serving.life(), new ArrayList<>()));
				held.complete(new TopicHold(writer));
			}
			else {
				held.completeExceptionally(
						new ProtocolException(ErrorCode.TOPIC_BUSY, "Topic '" + writer.topic() + "' " + refusal));
			}
		}
		else if (writer.state() instanceof WriterState.Left) {
			writer.successor().hold(when).whenComplete((hold, failure) -> {
				if (failure != null) {
					held.completeExceptionally(failure);
				}
				else {
					held.complete(hold);
				}
			});
		}
		else if (writer.state() instanceof WriterState.Ended ended) {
			held.completeExceptionally(new ProtocolException(ended.failure().code(), ended.failure().reason()));
		}
	}

	/** The topic goes on. */
	public void release() {
		this.writer.execute(() -> {
			if (this.writer.state() instanceof WriterState.Held held) {
				this.writer.become(new WriterState.Serving(held.life()));
				StorageException lost = held.life().lostReason();
				if (lost != null) {
					this.writer.lost(held.life(), lost);
				}
				this.writer.takeUp(held.waiting());
			}
		});
	}

	/**
	 * Deletes the topic with all that is stored of it.
	 * @param told what its producers and consumers are told
	 * @return completes when it is deleted, to be {@linkplain #end() ended};
	 * exceptionally if it is not, and goes on
	 */
	public CompletionStage<Void> delete(StorageFailure told) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		boolean asked = this.writer.execute(() -> {
			if (this.writer.state() instanceof WriterState.Held held) {
				this.writer.become(new WriterState.Draining(held.life(), held.waiting(), done));
				this.writer.run(held.life(), new Command.LogLost(told));
				this.writer.goOnIfIdle();
			}
			else {
				done.completeExceptionally(goingAway());
			}
		});
		if (!asked) {
			done.completeExceptionally(goingAway());
		}
		return done;
	}

	/** The topic is deleted: whoever waits uses a new one. */
	public void end() {
		this.writer.execute(() -> {
			if (this.writer.state() instanceof WriterState.Deleted deleted) {
				logger.info("Topic {} is deleted", this.writer.topic());
				this.writer.leaveDeleted();
				this.writer.takeUp(deleted.waiting());
			}
		});
	}

	/** All that was asked of the log has its outcome. */
	static void delete(TopicWriter writer, WriterState.Draining draining) {
		WriterState.Deleting deleting = new WriterState.Deleting(draining.life(), draining.waiting(), draining.done());
		writer.become(deleting);
		deleting.life().delete().whenComplete((done, failure) -> writer.execute(() -> {
			if (writer.state() == deleting) {
				deleted(writer, deleting, failure);
			}
		}));
	}

	private static void deleted(TopicWriter writer, WriterState.Deleting deleting, @Nullable Throwable failure) {
		deleting.life().close();
		if (failure == null) {
			writer.become(new WriterState.Deleted(deleting.waiting()));
			deleting.done().complete(null);
		}
		else {
			// With what is stored, which is all of it or nothing.
			writer.become(new WriterState.Opening(deleting.waiting()));
			deleting.done().completeExceptionally(failure);
			writer.open();
		}
	}

	static ProtocolException goingAway() {
		return new ProtocolException(ErrorCode.GOING_AWAY, "The broker is closed");
	}

}
