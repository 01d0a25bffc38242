package io.weir.broker.store;

import java.nio.file.Path;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Where and how a storage engine keeps its data.
 *
 * @param directory the data directory, created if missing
 * @param durability what it means when an append has completed, {@link Durability#OS} or
 * {@link Durability#FSYNC}
 * @param salvage whether to give up first what is damaged
 * @param minFree how many bytes must stay free on the directory's volume, or {@code null}
 * for the engine's default
 * @param errors is told, on a thread of the engine, of errors after which the JVM may be
 * unsound
 */
public record StorageSettings(Path directory, Durability durability, boolean salvage, @Nullable Long minFree,
		Consumer<Error> errors) {

}
