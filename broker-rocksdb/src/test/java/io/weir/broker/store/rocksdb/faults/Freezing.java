package io.weir.broker.store.rocksdb.faults;

import java.lang.reflect.Method;

import io.weir.broker.store.StorageException;

/**
 * Has a committer write nothing more. Public, since product code with a fault calls it.
 */
public final class Freezing {

	private Freezing() {
	}

	public static void freeze(Object committer) throws ReflectiveOperationException {
		Method freeze = committer.getClass().getDeclaredMethod("freeze", StorageException.class);
		freeze.setAccessible(true);
		freeze.invoke(committer, new StorageException("frozen", null));
	}

}
