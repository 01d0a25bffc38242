package io.weir.benchmarks.pool;

import java.util.concurrent.LinkedBlockingDeque;

/**
 * What one writes in a hurry: a queue of resources.
 */
final class DequeSubject implements Subject {

	private final LinkedBlockingDeque<Resource> idle = new LinkedBlockingDeque<>();

	DequeSubject(int size) {
		for (int i = 0; i < size; i++) {
			this.idle.addFirst(new Resource());
		}
	}

	@Override
	public void use(int work) throws Exception {
		Resource resource = this.idle.takeFirst();
		resource.work(work);
		this.idle.addFirst(resource);
	}

	@Override
	public void keep() throws Exception {
		this.idle.takeFirst();
	}

	@Override
	public void close() {
		this.idle.clear();
	}

}
