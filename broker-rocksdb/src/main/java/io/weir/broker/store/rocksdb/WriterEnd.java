package io.weir.broker.store.rocksdb;

import io.weir.broker.store.StorageException;

/** The end of a topic's writer, after all that it asked for. */
final class WriterEnd implements Write {

	private final TopicState state;

	private final OpenStore store;

	WriterEnd(TopicState state, OpenStore store) {
		this.state = state;
		this.store = store;
	}

	@Override
	public boolean sync() {
		return false;
	}

	@Override
	public void addTo(AtomicBatch batch) {
		this.state.close();
		this.store.forget(this.state);
	}

	@Override
	public void committed() {
		// Nothing was written.
	}

	@Override
	public void failed(StorageException reason) {
		// The store is closed, or opened again.
	}

}
