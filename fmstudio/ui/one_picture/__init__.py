"""One picture in the drawer: answers, why, inside, over time, alike."""
