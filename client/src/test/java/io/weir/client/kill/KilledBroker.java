package io.weir.client.kill;

import java.nio.file.Path;

import io.weir.broker.Broker;
import io.weir.broker.store.Durability;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.rocksdb.RocksDbStorageEngine;

/** A process with a broker that is killed at a step. */
final class KilledBroker {

	static final String TOPIC = "t";

	static final String DEAD_LETTERS = "t.dead";

	private KilledBroker() {
	}

	/** Data directory, port, step, and which time that it is taken. */
	@SuppressWarnings("SystemOut") // the parent process reads it
	public static void main(String[] args) throws InterruptedException {
		StorageEngine store = RocksDbStorageEngine.open(Path.of(args[0]), Durability.OS);
		DeadlySteps steps = new DeadlySteps(TOPIC, DEAD_LETTERS, Step.valueOf(args[2]), Integer.parseInt(args[3]));
		Broker broker = Broker.builder().storage(steps.before(store)).port(Integer.parseInt(args[1])).build();
		System.out.println(broker.start().serviceUrl());
		Thread.currentThread().join();
	}

}
