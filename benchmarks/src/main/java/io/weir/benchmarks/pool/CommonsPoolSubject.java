package io.weir.benchmarks.pool;

import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;

final class CommonsPoolSubject implements Subject {

	private final GenericObjectPool<Resource> pool = new GenericObjectPool<>(new Factory());

	CommonsPoolSubject(int size, boolean checked) throws Exception {
		this.pool.setMaxTotal(size);
		this.pool.setMaxIdle(size);
		this.pool.setMinIdle(size);
		this.pool.setTestOnBorrow(checked);
		this.pool.setTestOnReturn(checked);
		this.pool.preparePool();
	}

	@Override
	public void use(int work) throws Exception {
		Resource resource = this.pool.borrowObject();
		resource.work(work);
		this.pool.returnObject(resource);
	}

	@Override
	public void keep() throws Exception {
		this.pool.borrowObject();
	}

	@Override
	public void close() {
		this.pool.close();
	}

	private static final class Factory extends BasePooledObjectFactory<Resource> {

		@Override
		public Resource create() {
			return new Resource();
		}

		@Override
		public PooledObject<Resource> wrap(Resource resource) {
			return new DefaultPooledObject<>(resource);
		}

		@Override
		public boolean validateObject(PooledObject<Resource> object) {
			return object.getObject().isOpen();
		}

	}

}
