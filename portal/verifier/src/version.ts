/** What every report of this page calls its maker. */
export const VERSION = "zheng-html-verifier 0.1.0";
