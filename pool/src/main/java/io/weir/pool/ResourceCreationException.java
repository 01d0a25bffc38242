package io.weir.pool;

/**
 * A resource could not be created and the pool was told not to wait; the cause says why.
 */
public final class ResourceCreationException extends PoolException {

	public ResourceCreationException(String poolName, Throwable cause) {
		super("Pool '" + poolName + "' could not create a resource: " + cause.getMessage(), cause);
	}

}
