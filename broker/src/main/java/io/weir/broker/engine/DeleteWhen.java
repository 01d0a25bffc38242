package io.weir.broker.engine;

/** When a topic is to be deleted that is asked to make ready for it. */
public enum DeleteWhen {

	/** Whoever uses it. */
	ALWAYS,
	/** If it has neither producers nor consumers. */
	UNUSED,
	/** If its policy says so: nobody has used it for so long, and nobody needs it. */
	EXPIRED

}
