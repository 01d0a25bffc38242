package io.weir.broker;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.engine.DeleteWhen;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.runtime.Engine;
import io.weir.broker.engine.runtime.Replays;
import io.weir.broker.engine.runtime.TopicHold;
import io.weir.broker.store.MetadataNames;
import io.weir.broker.store.MetadataStore;
import io.weir.broker.store.MetadataStore.Versioned;
import io.weir.concurrent.Causes;
import io.weir.concurrent.Stages;
import io.weir.message.Topic;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Deletes topics as a whole, step by step:
 * <ol>
 * <li>nobody uses any of the partitions any more: who wants to waits</li>
 * <li>it is noted that the topic is being deleted, and what that is</li>
 * <li>what is stored of each partition is deleted: the log, with cursors, delayed
 * messages and names of producers</li>
 * <li>replays, policies, and then the number of partitions, are forgotten</li>
 * <li>the note is taken back, and who has waited makes a new topic</li>
 * </ol>
 * From the note on it is gone through with, also after a crash, before anybody uses the
 * topic.
 */
final class TopicDeletion implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(TopicDeletion.class);

	/** Where the note is, a line for each topic. */
	static final String NOTE = "deleting";

	private static final int RETRY_SECONDS = 1;

	private final MetadataStore metadata;

	private final PartitionAdministration partitions;

	private final Engine engine;

	private final Replays replays;

	private final TopicTurns turns;

	private volatile boolean closed;

	/** Of the topics that expire it is told as well. */
	TopicDeletion(MetadataStore metadata, PartitionAdministration partitions, Engine engine, Replays replays,
			TopicTurns turns) {
		this.metadata = metadata;
		this.partitions = partitions;
		this.engine = engine;
		this.replays = replays;
		this.turns = turns;
		engine.onUnused(this::expired);
	}

	/**
	 * Goes on with what was noted in an earlier life of the broker.
	 * @return completes when that is done
	 */
	CompletionStage<Void> resume() {
		return this.metadata.get(NOTE)
			.thenCompose((stored) -> Stages.all(lines(stored.map(Versioned::value)).entrySet()
				.stream()
				.map((noted) -> goThrough(noted.getKey(), hold(noted.getKey(), noted.getValue(), DeleteWhen.ALWAYS)))
				.toList()))
			.thenAccept((done) -> {
			});
	}

	private void expired(Topic topic) {
		delete(topic, DeleteWhen.EXPIRED).whenComplete((done, failure) -> {
			ProtocolException refused = Causes.find(failure, ProtocolException.class);
			if (failure == null) {
				logger.info("Topic {} has expired", topic);
			}
			else if (refused == null || refused.code() != ErrorCode.TOPIC_BUSY) {
				logger.warn("Topic {} has expired and could not be deleted; that is tried again", topic, failure);
			}
		});
	}

	/**
	 * Deletes a topic.
	 * @param topic the whole topic
	 * @param when in what case
	 * @return completes when nothing is left of it; exceptionally
	 * {@link ProtocolException} if there is none, with {@link ErrorCode#TOPIC_BUSY} if it
	 * is not to be deleted now, or what the store says
	 */
	CompletionStage<Void> delete(Topic topic, DeleteWhen when) {
		return this.turns.take(topic, () -> deleteNow(topic, when));
	}

	private CompletionStage<Void> deleteNow(Topic topic, DeleteWhen when) {
		int count = Math.max(this.partitions.count(topic), this.engine.logs(topic));
		if (count == 1 && !this.engine.exists(topic)) {
			return CompletableFuture
				.failedStage(new ProtocolException(ErrorCode.NOT_FOUND, "There is no topic '" + topic + "'"));
		}
		List<CompletableFuture<TopicHold>> holds = hold(topic, count, when);
		return Stages.all(holds)
			.thenCompose((held) -> note(topic, count))
			.handle((noted, failure) -> (failure == null) ? goThrough(topic, holds) : giveUp(topic, holds, failure))
			.thenCompose((done) -> done);
	}

	private List<CompletableFuture<TopicHold>> hold(Topic topic, int count, DeleteWhen when) {
		return IntStream.range(0, count)
			.mapToObj((number) -> this.engine.hold(topic.partition(number), when).toCompletableFuture())
			.toList();
	}

	/** All partitions are held, or none is; and so it is noted, or not. */
	private CompletionStage<Void> giveUp(Topic topic, List<CompletableFuture<TopicHold>> holds, Throwable failure) {
		boolean allHeld = holds.stream().noneMatch(CompletableFuture::isCompletedExceptionally);
		// If it failed to be noted, nobody knows whether it is.
		CompletionStage<Void> known = allHeld ? untilDone(() -> unnote(topic)) : CompletableFuture.completedStage(null);
		return known.thenCompose((done) -> {
			holds.forEach((hold) -> hold.thenAccept(TopicHold::release));
			return CompletableFuture.failedStage(failure);
		});
	}

	private CompletionStage<Void> goThrough(Topic topic, List<CompletableFuture<TopicHold>> holds) {
		StorageFailure told = new StorageFailure(ErrorCode.NOT_FOUND, "Topic '" + topic + "' was deleted");
		return Stages
			.all(IntStream.range(0, holds.size())
				.mapToObj((number) -> deleteLog(topic.partition(number), holds.get(number), told))
				.toList())
			.thenCompose((deleted) -> untilDone(() -> forgetReplays(topic, holds.size()))
				.thenCompose((done) -> untilDone(() -> this.engine.policies().forget(topic)))
				.thenCompose((done) -> untilDone(() -> this.partitions.forget(topic)))
				.thenCompose((done) -> untilDone(() -> unnote(topic)))
				.thenAccept((done) -> deleted.forEach(TopicHold::end)));
	}

	private CompletionStage<Void> forgetReplays(Topic topic, int partitions) {
		return Stages
			.all(IntStream.range(0, partitions)
				.mapToObj((number) -> this.replays.forget(topic.partition(number)))
				.toList())
			.thenAccept((done) -> {
			});
	}

	/** A log that cannot be deleted is opened again, and held again. */
	private CompletionStage<TopicHold> deleteLog(Topic partition, CompletionStage<TopicHold> first,
			StorageFailure told) {
		return delete(first, told).exceptionallyCompose((failure) -> retry(failure,
				() -> deleteLog(partition, this.engine.hold(partition, DeleteWhen.ALWAYS), told)));
	}

	private static CompletionStage<TopicHold> delete(CompletionStage<TopicHold> held, StorageFailure told) {
		return held.thenCompose((hold) -> hold.delete(told).thenApply((done) -> hold));
	}

	private <T> CompletionStage<T> untilDone(Supplier<CompletionStage<T>> step) {
		return step.get().exceptionallyCompose((failure) -> retry(failure, () -> untilDone(step)));
	}

	private <T> CompletionStage<T> retry(Throwable failure, Supplier<CompletionStage<T>> step) {
		if (this.closed) {
			return CompletableFuture.failedStage(failure);
		}
		logger.warn("The deletion of a topic is gone on with in {} s: {}", RETRY_SECONDS,
				Causes.unwrap(failure).getMessage());
		return CompletableFuture.supplyAsync(step, CompletableFuture.delayedExecutor(RETRY_SECONDS, TimeUnit.SECONDS))
			.thenCompose((next) -> next);
	}

	private CompletionStage<Void> note(Topic topic, int count) {
		return changeNote((lines) -> lines.put(topic, count));
	}

	private CompletionStage<Void> unnote(Topic topic) {
		return changeNote((lines) -> lines.remove(topic));
	}

	/** Other topics may be noted at the same time. */
	private CompletionStage<Void> changeNote(Consumer<Map<Topic, Integer>> change) {
		return MetadataStore.update(this.metadata, NOTE, (stored) -> {
			Map<Topic, Integer> lines = lines(stored);
			change.accept(lines);
			return text(lines);
		});
	}

	private static byte[] text(Map<Topic, Integer> lines) {
		return lines.entrySet()
			.stream()
			.map((each) -> MetadataNames.encode(each.getKey().name()) + " " + each.getValue() + "\n")
			.collect(Collectors.joining())
			.getBytes(StandardCharsets.UTF_8);
	}

	private static Map<Topic, Integer> lines(Optional<byte[]> stored) {
		Map<Topic, Integer> lines = new LinkedHashMap<>();
		stored.ifPresent((noted) -> new String(noted, StandardCharsets.UTF_8).lines().forEach((line) -> {
			String[] parts = line.split(" ", -1);
			lines.put(MetadataNames.topic(parts[0]), Integer.valueOf(parts[1]));
		}));
		return lines;
	}

	/** What is not done yet is left to the next life of the broker. */
	@Override
	public void close() {
		this.closed = true;
	}

}
