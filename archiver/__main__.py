"""`python -m archiver` and the console script."""

from archiver.cli import main

if __name__ == "__main__":
    main()
