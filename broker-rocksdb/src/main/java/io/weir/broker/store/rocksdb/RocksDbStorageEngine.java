package io.weir.broker.store.rocksdb;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.Damage;
import io.weir.broker.store.Durability;
import io.weir.broker.store.LocalOwnership;
import io.weir.broker.store.MetadataStore;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.OwnershipService;
import io.weir.broker.store.ScrubReport;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageStatus;
import io.weir.message.Topic;

/**
 * Keeps logs in a data directory, in one RocksDB for all topics. After a write has failed
 * it takes no more until it has opened its database again, which it does by itself; what
 * was confirmed can be read until then, and afterwards.
 *
 * <p>
 * Entries wait in memory to be committed, in a queue without a bound: callers bound what
 * they have in flight.
 */
public final class RocksDbStorageEngine implements StorageEngine {

	private final Durability durability;

	private final StoreSupervisor store;

	private final OwnershipService ownership;

	RocksDbStorageEngine(Durability durability, StoreSupervisor store) {
		this.durability = durability;
		this.store = store;
		this.ownership = new LocalOwnership(store.metadata());
	}

	/**
	 * Opens the store in a data directory.
	 * @param directory created if missing; used by one broker at a time
	 * @param durability {@link Durability#OS} or {@link Durability#FSYNC}
	 * @return the engine
	 * @throws StorageException if the directory is in use, cannot be written, or what is
	 * in it is damaged or of another version
	 * @throws IllegalArgumentException if the durability is {@link Durability#MEMORY}
	 */
	public static RocksDbStorageEngine open(Path directory, Durability durability) {
		return open(directory, durability, null, (error) -> {
		});
	}

	/**
	 * Opens the store in a data directory.
	 * @param directory created if missing; used by one broker at a time
	 * @param durability {@link Durability#OS} or {@link Durability#FSYNC}
	 * @param minFree how many bytes must stay free on the directory's volume for entries
	 * to be appended, 0 for no such limit; by default 256 MiB or a twentieth of the
	 * volume, whichever is less
	 * @param errors is told, on a thread of the store, of an {@link Error} after which
	 * the JVM may be unsound
	 * @return the engine
	 * @throws StorageException if the directory is in use, cannot be written, or what is
	 * in it is damaged or of another version
	 * @throws IllegalArgumentException if the durability is {@link Durability#MEMORY}
	 */
	public static RocksDbStorageEngine open(Path directory, Durability durability, @Nullable Long minFree,
			Consumer<Error> errors) {
		return open(directory, durability, UnaryOperator.identity(), minFree, errors);
	}

	/** Opens with something between the engine and its disk. */
	static RocksDbStorageEngine open(Path directory, Durability durability, UnaryOperator<BatchWriter> between) {
		return open(directory, durability, between, null, (error) -> {
		});
	}

	private static RocksDbStorageEngine open(Path directory, Durability durability, UnaryOperator<BatchWriter> between,
			@Nullable Long minFree, Consumer<Error> errors) {
		if (durability == Durability.MEMORY) {
			throw new IllegalArgumentException("A data directory is for durability OS or FSYNC, not MEMORY");
		}
		Path absolute = directory.toAbsolutePath();
		StoreSupervisor store = new StoreSupervisor(absolute, between, durability == Durability.FSYNC,
				new Volume(absolute, minFree), System::nanoTime, errors);
		store.watch();
		return new RocksDbStorageEngine(durability, store);
	}

	/**
	 * Makes a store usable again of which not all is there. Gives up what is damaged in
	 * the write-ahead log, with all that follows it, of which it keeps a copy below the
	 * directory; then reads all topics and gives up the entries that cannot be read, so
	 * that they are passed over from then on. Says in the log what was given up. For when
	 * there is no copy to restore from; harmless if nothing is damaged.
	 * @param directory the data directory, which no broker may be using
	 * @throws StorageException if even that is not possible
	 */
	public static void salvage(Path directory) {
		try (Database database = Database.salvage(directory.toAbsolutePath())) {
			new Salvage(database).run();
			database.flush(Column.values());
		}
	}

	/**
	 * Reads everything in a data directory and compares it with its checksums. Changes
	 * nothing there but the file that says who has it.
	 * @param directory the data directory, which no broker may be using
	 * @return what was found
	 * @throws StorageException if the directory is in use, or not that of a broker
	 */
	public static ScrubReport scrub(Path directory) {
		return DirectoryScrub.of(directory.toAbsolutePath());
	}

	@Override
	public Durability durability() {
		return this.durability;
	}

	@Override
	public Set<Topic> topics() {
		return this.store.topics();
	}

	@Override
	public List<Damage> damages() {
		return this.store.damages();
	}

	@Override
	public CompletionStage<ScrubReport> scrub(Topic topic) {
		return this.store.scrub(topic);
	}

	@Override
	public MetadataStore metadata() {
		return this.store.metadata();
	}

	@Override
	public OwnershipService ownership() {
		return this.ownership;
	}

	@Override
	public CompletionStage<OpenedLog> open(Topic topic, long ownerEpoch) {
		return this.store.open(topic, ownerEpoch);
	}

	@Override
	public StorageStatus status() {
		return this.store.status();
	}

	@Override
	public @Nullable StorageException refusal() {
		return this.store.refusal();
	}

	@Override
	public void close() {
		this.store.close();
	}

}
