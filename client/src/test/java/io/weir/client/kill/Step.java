package io.weir.client.kill;

/**
 * What is stored as messages become dead letters. When a broker dies right after a step,
 * before anybody knows of it, what is stored is the same as right before the next one.
 */
enum Step {

	/** How often messages were given back. */
	COUNTED,

	/** The copy of a message that was given up. */
	COPIED,

	/** Acknowledgements, since something was copied. */
	ACKNOWLEDGED,

	/** That the target has forgotten by what it recognised a copy. */
	FORGOTTEN

}
