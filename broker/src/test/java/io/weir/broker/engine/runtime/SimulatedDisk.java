package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Compacting;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Scheduling;
import io.weir.broker.engine.Storing;
import io.weir.broker.store.Durability;
import io.weir.broker.store.MetadataStore;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.TopicLog;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.Topic;

/**
 * The store of all topics of a simulation, which writes them to one file, in order, as
 * that in a data directory does: the last writes may be lost with the power, of all
 * topics alike.
 */
final class SimulatedDisk {

	private final Durability durability;

	private final SimulatedMessages messages;

	/** Everything that was written, to be written again to another disk. */
	private final List<Written> written = new ArrayList<>();

	/** So many of the writes stay, whatever happens. */
	private int synced;

	private MemoryStorageEngine store = new MemoryStorageEngine();

	private long owner;

	/**
	 * Creates a disk.
	 * @param durability what it means that something is stored
	 */
	SimulatedDisk(Durability durability, SimulatedMessages messages) {
		this.durability = durability;
		this.messages = messages;
	}

	StorageEngine store() {
		return this.store;
	}

	/** Opens a topic for a new owner: the former one writes no more. */
	OpenedLog open(Topic topic) {
		return this.store.open(topic, ++this.owner).toCompletableFuture().join();
	}

	private static boolean isWrite(Storing effect) {
		return effect instanceof Storing.OfMessages || effect instanceof Storing.StoreEpochs
				|| effect instanceof Storing.CreateCursor || effect instanceof Storing.MoveCursor
				|| effect instanceof Storing.DeleteCursor || effect instanceof Storing.Trim
				|| effect instanceof Scheduling.RemoveScheduled || isOfTheSystem(effect);
	}

	/** Whether an effect is only given to the operating system, whatever the store is. */
	private static boolean isOfTheSystem(Storing effect) {
		return effect instanceof Storing.StoreAcknowledgements || effect instanceof Storing.ForgetProducers
				|| effect instanceof Compacting.RemoveSuperseded;
	}

	/** Whether all that was written so far stays when an effect was carried out. */
	boolean isSynced(Storing effect) {
		return this.durability == Durability.FSYNC && isWrite(effect) && !isOfTheSystem(effect);
	}

	/** With bytes of its own. */
	private static Storing copy(Storing effect) {
		if (effect instanceof Storing.Append append) {
			return new Storing.Append(append.append(), append.header(),
					Unpooled.wrappedBuffer(ByteBufUtil.getBytes(append.batch())));
		}
		if (effect instanceof Scheduling.Delay delay) {
			return new Scheduling.Delay(delay.append(), delay.due(), delay.header(),
					Unpooled.wrappedBuffer(ByteBufUtil.getBytes(delay.batch())));
		}
		if (effect instanceof Scheduling.AppendDue append) {
			return new Scheduling.AppendDue(append.scheduled(), append.header(),
					Unpooled.wrappedBuffer(ByteBufUtil.getBytes(append.batch())));
		}
		return effect;
	}

	/**
	 * An effect is about to be carried out.
	 * @return is told the outcome
	 */
	Consumer<Command> writing(TopicLog log, Storing effect) {
		Write write = new Write(log.topic(), copy(effect));
		if (effect instanceof Storing.ForgetProducers && !log.lost().toCompletableFuture().isDone()) {
			// Nobody is told the outcome.
			wrote(write, false);
		}
		return (outcome) -> {
			if (isWrite(effect) && !(outcome instanceof Outcome.Failed)) {
				wrote(write, isSynced(effect));
			}
		};
	}

	private void wrote(Written write, boolean synced) {
		this.written.add(write);
		if (synced) {
			this.synced = this.written.size();
		}
	}

	/** How much was written. */
	int size() {
		return this.written.size();
	}

	/** Whether what was written since may be lost with the power. */
	boolean mayBeCutTo(int size) {
		return size >= this.synced;
	}

	/** The power has failed: only the first writes are there. */
	void cutTo(int size) {
		Simulation.require(mayBeCutTo(size), "%s writes would stay, and %s were synced", size, this.synced);
		this.written.subList(size, this.written.size()).clear();
		this.store = new MemoryStorageEngine();
		Map<Topic, TopicLog> logs = new HashMap<>();
		SimulatedStorage storage = new SimulatedStorage(this.store, this.messages, () -> {
			throw new IllegalStateException("Nothing is forwarded");
		});
		for (Written write : this.written) {
			if (write instanceof Write of) {
				TopicLog log = logs.computeIfAbsent(of.topic(),
						(topic) -> this.store.open(topic, 0).toCompletableFuture().join().log());
				storage.carryOut(log, copy(of.effect()), (outcome) -> Simulation
					.require(!(outcome instanceof Outcome.Failed), "%s could not be written again", write));
			}
			else if (write instanceof Value value) {
				this.store.metadata().put(value.key(), value.value(), value.before()).toCompletableFuture().join();
			}
		}
	}

	/** What all topics share, written to the same file. */
	MetadataStore metadata() {
		MetadataStore present = this.store.metadata();
		return new MetadataStore() {

			@Override
			public CompletionStage<Optional<Versioned>> get(String key) {
				return present.get(key);
			}

			@Override
			public CompletionStage<Long> put(String key, byte[] value, long expectedVersion) {
				return present.put(key, value, expectedVersion).thenApply((version) -> {
					wrote(new Value(key, value, expectedVersion), SimulatedDisk.this.durability == Durability.FSYNC);
					return version;
				});
			}

			@Override
			public CompletionStage<Set<String>> children(String key) {
				return present.children(key);
			}

			@Override
			public Watch watch(String key, Consumer<String> listener) {
				return present.watch(key, listener);
			}

		};
	}

	private sealed interface Written {

	}

	private record Write(Topic topic, Storing effect) implements Written {
	}

	@SuppressWarnings("ArrayRecordComponent") // nobody compares it
	private record Value(String key, byte[] value, long before) implements Written {
	}

}
