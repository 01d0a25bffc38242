package io.weir.broker.store.memory;

import io.weir.broker.store.ProducerWindow;
import io.weir.broker.store.StoredProducer;
import io.weir.broker.store.StoredProducer.Epochs;
import io.weir.broker.store.TopicLog.StoredBatch;

/** What one producer has stored. Guarded by its topic. */
final class MemoryProducer {

	private final ProducerWindow window = new ProducerWindow();

	private Epochs epochs = Epochs.NONE;

	void add(StoredBatch batch) {
		this.window.add(batch);
	}

	void set(Epochs epochs) {
		this.epochs = epochs;
	}

	StoredProducer snapshot() {
		return new StoredProducer(this.epochs, this.window.batches());
	}

}
